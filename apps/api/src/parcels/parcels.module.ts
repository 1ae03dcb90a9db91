import { Module } from '@nestjs/common';
import { ParcelsController } from './parcels.controller.js';
import { ParcelsRepository } from './parcels.repository.js';
import { ParcelsService } from './parcels.service.js';

@Module({
  controllers: [ParcelsController],
  providers: [ParcelsRepository, ParcelsService],
  exports: [ParcelsService],
})
export class ParcelsModule {}
