import { createHmac } from 'node:crypto';
import { z } from 'zod';

const environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_APP_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  PUBLIC_URL: z.url().optional(),
  JARIB_DATA_DIR: z.string().default('.data'),
  JARIB_POOL: z.coerce.number().int().min(1).max(200).optional(),
  JARIB_BATCH_JOBS: z.coerce.number().int().min(1).max(64).default(2),
  JARIB_WEB_DIR: z.string().default('dist/web'),
  /** The proxies in front, as addresses: only they are believed about whom they speak for. */
  JARIB_TRUST_PROXY: z.enum(['true', 'false', '']).optional(),
  JARIB_METRICS_TOKEN: z.string().min(16).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** What the process was told by its environment. A class only so that Nest can inject it by name. */
export class Config {
  /** The owner's login: migrations, creating a municipality, backup. */
  readonly ownerUrl!: string;
  /** The application's login, which owns nothing and sees one municipality at a time. */
  readonly appUrl!: string;
  readonly appPassword!: string;
  readonly redisUrl!: string;
  readonly host!: string;
  readonly port!: number;
  readonly publicUrl!: string | null;
  readonly dataDir!: string;
  readonly poolConnections!: number | null;
  /** How many jobs of a city's size one worker process does at once. */
  readonly batchJobs!: number;
  readonly webDir!: string;
  readonly logLevel!: string;
  /** Addresses of proxies, separated by commas; null believes none. */
  readonly trustProxy!: boolean;
  /** Lets a collector on another machine read /metrics. */
  readonly metricsToken!: string | null;
}

/**
 * Reads the environment. Throws a plain Error that names each variable at fault, its value's fault and what to set.
 * Without DATABASE_APP_URL the application's login is derived: role `jarib_app`, its password an HMAC of the owner's.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const faults = parsed.error.issues
      .map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
      .join('\n');
    throw new Error(`The environment is not complete. See .env.example.\n${faults}`);
  }
  const { DATABASE_URL, DATABASE_APP_URL, ...rest } = parsed.data;
  const app = new URL(DATABASE_APP_URL ?? DATABASE_URL);
  if (!DATABASE_APP_URL) {
    const secret = decodeURIComponent(new URL(DATABASE_URL).password) || 'no-password';
    app.username = 'jarib_app';
    app.password = createHmac('sha256', secret).update('jarib_app').digest('hex');
  }
  return {
    ownerUrl: DATABASE_URL,
    appUrl: app.toString(),
    appPassword: decodeURIComponent(app.password),
    redisUrl: rest.REDIS_URL,
    host: rest.HOST,
    port: rest.PORT,
    publicUrl: rest.PUBLIC_URL ?? null,
    dataDir: rest.JARIB_DATA_DIR,
    poolConnections: rest.JARIB_POOL ?? null,
    batchJobs: rest.JARIB_BATCH_JOBS,
    webDir: rest.JARIB_WEB_DIR,
    logLevel: rest.LOG_LEVEL,
    trustProxy: rest.JARIB_TRUST_PROXY === 'true',
    metricsToken: rest.JARIB_METRICS_TOKEN ?? null,
  };
}
