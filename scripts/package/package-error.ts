/** What keeps a package from being made, said to the operator in a sentence: no stack trace would help. */
export class PackageError extends Error {
  override readonly name = 'PackageError';
}

/** Runs a command. A failure that it foresaw ends the process with its sentence. */
export const runCommand = async (command: () => Promise<void>): Promise<void> => {
  try {
    await command();
  } catch (thrown) {
    const { code = '', message } = thrown as NodeJS.ErrnoException;
    const foreseen = thrown instanceof PackageError || code.startsWith('ERR_PARSE_ARGS');
    if (!foreseen) throw thrown;
    console.error(message);
    process.exitCode = 1;
  }
};
