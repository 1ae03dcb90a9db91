// Alone in its file and without imports, so that an old Node can still read it and say what is wrong.
const OLDEST = [20, 19];

/** Ends the process with one clear line when Node is too old or the system is Windows itself. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  if (isOld)
    refuse(
      `Jarib needs Node.js ${OLDEST.join('.')} or later (nodejs.org); this is ${process.versions.node}.`,
    );
  if (process.platform === 'win32')
    refuse('On Windows run Jarib in WSL 2 (wsl --install), or use docker compose up.');
}

function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
