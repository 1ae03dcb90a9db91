import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { Permission } from './permissions.js';

/** What a route asks of its caller. A route without it does not start. */
export type Access = Permission | 'public';

/**
 * Opens a route to who holds `permission`: 401 without a session or token, 403 without the permission.
 * Stands on each method of a controller; controllers write their whole path, as in
 * `@Controller('api/properties')`.
 */
export function Allow(permission: Permission): MethodDecorator {
  return access(permission);
}

/** Opens a route to everybody. Its `@Caller()` is nobody, in no municipality. */
export function Public(): MethodDecorator {
  return access('public');
}

function access(asked: Access): MethodDecorator {
  return applyDecorators(RouteConfig({ access: asked }), ApiExtension('x-permission', asked));
}
