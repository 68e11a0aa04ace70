/**
 * The folder of the function's code, where its configuration is packaged: a platform may start it in another. Unbuilt
 * sources, which are ES modules, have no `__dirname`; they run in the folder of their configuration.
 */
export const functionFolder: string = typeof __dirname === 'string' ? __dirname : process.cwd();
