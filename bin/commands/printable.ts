/** A value as part of a line of a terminal. Others wrote it: it must not move the cursor nor begin a line. */
export const printable = (value: unknown, maxCharacters = 200): string =>
  value === undefined
    ? '-'
    : String(value)
        .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
        .slice(0, maxCharacters) || '-';
