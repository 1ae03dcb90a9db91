import 'reflect-metadata';
import { AppModule } from './app.module.js';
import { readConfig } from './platform/config.js';
import { createServer } from './platform/http/server.js';
import { serveWebClient } from './platform/http/web-client.js';
import { Log } from './platform/log.js';

/** The HTTP process: the doors of the API and the built web client. */
const config = readConfig(process.env);
const app = await createServer(config, AppModule.with(config));
await serveWebClient(app, config.webDir);
app.enableShutdownHooks();
await app.listen(config.port, config.host);
app.get(Log).info({ host: config.host, port: config.port }, 'serving');
