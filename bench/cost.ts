import { prices } from './prices.ts';
import { type Figure, plain, type Table } from './table.ts';

/** What a mint takes of each. */
interface Mint {
  readonly billedMilliseconds: number;
  /** Consistent reads of at most 4 KB. */
  readonly reads: number;
  /** Writes of 1 KB: a sealed triad is two of them. */
  readonly writes: number;
}

/** serverless.yml. */
const memoryGib = 0.5;
/** One audit line, chained. */
const logBytes = 900;

// Round trips are those of `npm run bench saved`. A hot mint is 0.3 ms of a whole processor, of which 512 MB of Lambda
// are a third; what is billed is whole milliseconds. A cold one waits for three trips of 5 ms and for a cloud of 100 ms.
const hot: Mint = { billedMilliseconds: 2, reads: 0, writes: 0 };
const cold: Mint = { billedMilliseconds: 120, reads: 1, writes: 4 };

const partsOf = ({ billedMilliseconds, reads, writes }: Mint): Readonly<Record<string, number>> => ({
  'HTTP API': prices.httpApiPerMillion,
  'Lambda, requests': prices.lambdaPerMillion,
  'Lambda, time': billedMilliseconds * 1000 * memoryGib * prices.lambdaPerGibSecond,
  DynamoDB: reads * prices.dynamodbPerMillionReads + writes * prices.dynamodbPerMillionWrites,
  'audit in CloudWatch Logs': ((logBytes * 1e6) / 2 ** 30) * prices.logsPerGib,
});

const dollars = (value: number): Figure => plain(value, 2);

/** The price of a million mints on Lambda, an HTTP API and DynamoDB. */
export const cost = async (): Promise<readonly Table[]> => {
  const [ofHot, ofCold] = [partsOf(hot), partsOf(cold)];
  const mixed = (share: number, name: string): number => (1 - share) * (ofHot[name] ?? 0) + share * (ofCold[name] ?? 0);
  const all = Object.keys(ofHot);
  const columns = [0, 0.01, 0.1, 1];
  const row = (name: string): (string | Figure)[] => [name, ...columns.map((share) => dollars(mixed(share, name)))];
  const total = columns.map((share) => dollars(all.reduce((sum, name) => sum + mixed(share, name), 0)));
  return [
    {
      title: 'A million mints, in US dollars',
      columns: ['', ...columns.map((share) => `${share * 100} % cold`)],
      rows: [...all.map(row), ['all', ...total]],
    },
  ];
};
