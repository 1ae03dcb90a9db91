import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

/** Tells who a request comes from. */
@Injectable()
export class Authenticator {
  /** Null where the request proves nobody. Answers at once for who was seen within the last seconds. */
  authenticate(_request: FastifyRequest): Principal | null | Promise<Principal | null> {
    return null;
  }
}
