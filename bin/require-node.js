// Plain JavaScript, for the Nodes that this is about: they cannot read the sources.

const least = [22, 18];

/** Ends the process with a sentence if this Node cannot run TypeScript as it is. */
export const requireNode = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return;
  process.stderr.write(
    `credmint needs Node ${least.join('.')} or later, and this is ${process.versions.node} (${process.execPath}).\n` +
      'On Linux with glibc, `npm ci` brings its own and `npm start` uses it. Elsewhere, or after\n' +
      '`npm ci --omit=optional`, install Node 24: https://nodejs.org/en/download\n',
  );
  process.exit(1);
};
