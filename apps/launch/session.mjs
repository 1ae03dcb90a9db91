// One run of the launcher: its progress lines, its signals, and what it must undo before it ends.
import { LaunchError, isAlive, parentOf, poll } from './processes.mjs';

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
const PARENT_WATCH_MS = 300;

/**
 * Runs `body(session)`, then everything given to `session.atEnd` in reverse order, then exits with the number
 * that `body` resolved to; 1 after an error; `exitOnSignal` after a signal. `session` has: `log(text)`,
 * `atEnd(undo)`, `interrupted` (a promise of the signal), `check()` (throws once a signal came), `own(child)`
 * (the child is ended at a signal).
 */
export async function runSession({ stream = process.stdout, exitOnSignal = codeOfSignal }, body) {
  const session = createSession(stream);
  let code = 1;
  try {
    code = await body(session);
  } catch (error) {
    if (!session.signal)
      process.stderr.write(`\n${error instanceof LaunchError ? error.message : error.stack}\n`);
  }
  for (const undo of session.undos.reverse()) {
    await undo().catch((error) => {
      process.stderr.write(`${error.message}\n`);
      code ||= 1;
    });
  }
  process.exit(session.signal ? exitOnSignal(session.signal) : code);
}

function createSession(stream) {
  const children = new Set();
  const session = { undos: [], signal: undefined };
  session.log = (text) => stream.write(`${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${text}\n`);
  session.atEnd = (undo) => session.undos.push(undo);
  session.own = (child) => {
    children.add(child);
    child.on('exit', () => children.delete(child));
    if (session.signal) endChild(child);
  };
  session.check = () => {
    if (session.signal) throw new LaunchError(`Stopped by ${session.signal}.`);
  };
  session.interrupted = new Promise((resolve) => {
    const interrupt = (name) => {
      if (session.signal) return;
      session.signal = name;
      children.forEach(endChild);
      resolve(name);
    };
    Object.keys(EXIT_CODES).forEach((name) => process.on(name, () => interrupt(name)));
    watchNpm(() => interrupt('SIGTERM'));
  });
  return session;
}

// Between npm and us stands a shell. npm hands a SIGTERM to that shell alone, which ends without a word to
// us, and after a SIGKILL of npm the shell goes on; either way the line of our ancestors changes.
function watchNpm(onEnd) {
  if (!process.env.npm_lifecycle_event) return;
  const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const first = ancestors();
  setInterval(() => ancestors() !== first && onEnd(), PARENT_WATCH_MS).unref();
}

// The whole group where the child leads one: npm and sh do not always pass a signal on.
async function endChild(child) {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    for (const pid of [-child.pid, child.pid]) {
      try {
        process.kill(pid, signal);
        break;
      } catch {
        continue;
      }
    }
    if (await poll(() => !isAlive(child.pid), 10_000)) return;
  }
}

// As a shell would have it: 128 and the signal's number.
function codeOfSignal(signal) {
  return EXIT_CODES[signal];
}
