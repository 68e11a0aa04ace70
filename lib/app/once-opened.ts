/** Something that is opened at its first use. */
export interface OnceOpened<Opened> {
  /** Opens it, or hands out what is open or being opened. */
  open(): Promise<Opened>;
  /** What is open or being opened; undefined before the first use and after a failure. */
  current(): Promise<Opened> | undefined;
}

/**
 * Opens something once, at its first use. A failure is forgotten, as its cause may have passed by the next use.
 *
 * @example
 * const app = onceOpened(() => createApp(spec, config, processDeps()));
 * const { answer } = await app.open();
 */
export const onceOpened = <Opened>(open: () => Promise<Opened>): OnceOpened<Opened> => {
  let opening: Promise<Opened> | undefined;
  return {
    current: () => opening,
    open: () => {
      opening ??= open().catch((thrown: unknown) => {
        opening = undefined;
        throw thrown;
      });
      return opening;
    },
  };
};
