import { Global, Module } from '@nestjs/common';

/** What the HTTP process serves about itself. */
@Global()
@Module({})
export class HttpModule {}
