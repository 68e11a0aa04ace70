/** The seven fields of an SCF timer for a rate of EventBridge. https://cloud.tencent.com/document/product/583/9708 */
export const timerOf = (schedule: string): string => {
  const [, count = '', unit = ''] = /^rate\((\d+) (minute|hour)s?\)$/.exec(schedule) ?? [];
  const every = Number(count);
  // A rate that does not divide the next unit would be uneven where that unit begins.
  if (unit === 'minute' && 60 % every === 0) return `0 */${every} * * * * *`;
  if (unit === 'hour' && 24 % every === 0) return `0 0 */${every} * * * *`;
  throw new Error(`An SCF timer cannot express the schedule ${schedule}.`);
};
