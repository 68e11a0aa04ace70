/** What keeps a package from being made, said to the operator in a sentence: no stack trace would help. */
export class PackageError extends Error {
  override readonly name = 'PackageError';
}

/**
 * Runs a command, or says how it is used if that is asked. A failure that it foresaw ends the process with its sentence; one
 * of the command line with the usage too.
 */
export const runCommand = async (usage: string, command: () => Promise<void>): Promise<void> => {
  if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) {
    console.log(usage);
    return;
  }
  try {
    await command();
  } catch (thrown) {
    const { code = '', message } = thrown as NodeJS.ErrnoException;
    const isUsage = code.startsWith('ERR_PARSE_ARGS');
    if (!isUsage && !(thrown instanceof PackageError)) throw thrown;
    console.error(isUsage ? `${message}\n\n${usage}` : message);
    process.exitCode = 1;
  }
};
