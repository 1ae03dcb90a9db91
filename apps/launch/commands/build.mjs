// npm run build: packages and dist up to date with the sources.
import { build, installDependencies } from '../prepare.mjs';
import { runSession } from '../session.mjs';

await runSession({}, async (session) => {
  await installDependencies(session);
  session.check();
  await build(session);
  return 0;
});
