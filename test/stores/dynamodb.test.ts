import * as oracle from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { Store } from '../../lib/core/store.ts';
import { dynamodbStore } from '../../lib/stores/dynamodb.ts';
import { credentials, type Dynalite, deps, region, sdkFor, startDynalite } from '../support/dynalite-server.ts';
import { freePort } from '../support/redis-server.ts';
import { stillClock, storeContract } from '../support/store-contract.ts';
import { race } from '../support/store-processes.ts';
import { type Answer, type Recorder, record, signatureOf } from '../support/store-recorder.ts';
import { askForEach, downAnswers } from '../support/store-wrappers.ts';

/** Long enough for a busy machine, and short enough to wait for. */
const deadline = 15_000;
const short = 100;
const secret = new Secret(credentials.secretAccessKey);

let server: Dynalite;
beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.close());

storeContract('dynamodb', {
  grain: 1,
  open: async () => {
    const clock = stillClock();
    const table = await server.newTable();
    return {
      ...clock,
      store: dynamodbStore({ table, region, endpoint: server.url }, deps(clock.now), deadline),
      raw: async () => JSON.stringify(await server.items(table)),
      close: async () => undefined,
    };
  },
});

const realNow = (): Date => new Date();
const soon = (): Date => new Date(Date.now() + 60_000);

const storeAt = (endpoint: URL, table = 'table', milliseconds = deadline): Store =>
  dynamodbStore({ table, region, endpoint }, deps(realNow), milliseconds);

const isDown = async (store: Store): Promise<void> => {
  expect(await askForEach(store, soon())).toEqual(downAnswers);
};

describe('a store in DynamoDB', () => {
  it('tells the service when each item may go, in the form that its TTL asks', async () => {
    const clock = stillClock();
    const table = await server.newTable();
    const store = dynamodbStore({ table, region, endpoint: server.url }, deps(clock.now), deadline);
    const end = new Date(Date.parse('2026-01-01T00:01:00.250Z'));
    await store.put('key', 'value', end);
    await store.acquire('key', end);
    await store.consume('key', 1, 2, end);
    // A lock that is shorter than what the item holds does not shorten that.
    await store.lock('key', new Date(end.getTime() - 10_000));

    const items = await server.items(table);
    expect(items).toHaveLength(3);
    for (const item of items) {
      expect(item).toMatchObject({ expires: { N: '1767225661' }, until: { N: '1767225660250' } });
    }
  });

  it('never gives processes one claim twice, nor more of a quota than there is', async () => {
    const table = await server.newTable();
    const scores = await race({ kind: 'dynamodb', endpoint: server.url.href, table }, 3, 20);
    const granted = scores.reduce((sum, one) => sum + one.granted, 0);
    expect(granted).toBeLessThanOrEqual(100);
    // Who loses to others five times gives up; what it left is there for the next.
    expect(await storeAt(server.url, table).consume('quota', 100, 100, soon())).toBe(100 - granted);
  });

  it('is down if nothing listens', async () => {
    await isDown(storeAt(new URL(`http://127.0.0.1:${await freePort()}/`)));
  });

  it('is down if the table is not there', async () => {
    await isDown(storeAt(server.url, 'elsewhere'));
  });
});

describe('a store in DynamoDB, on a bad day of the service', () => {
  const ask = async (
    answer: (request: HttpRequest, count: number) => Answer | undefined | 'silence',
    use: (store: Store, recorder: Recorder) => Promise<void>,
    milliseconds = deadline,
  ): Promise<void> => {
    let count = 0;
    const recorder = await record((request) => answer(request, ++count));
    await use(storeAt(recorder.url, 'table', milliseconds), recorder);
    await recorder.close();
  };

  const fault = (type: string, status = 400): Answer => ({
    status,
    body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'No.' },
  });

  it.each<[string, Answer | undefined]>([
    ['it cuts the connection', undefined],
    ['it fails', fault('InternalServerError', 500)],
    ['it is out', { status: 503, body: '<html>' }],
    ['it throttles', fault('ThrottlingException')],
    ['the table is at its limit', fault('ProvisionedThroughputExceededException')],
  ])('asks once more if %s, and only once', async (_, bad) => {
    await ask(
      (_request, count) => (count === 1 ? bad : {}),
      async (store, { requests }) => {
        expect(await store.acquire('nonce', soon())).toBe(true);
        expect(requests).toHaveLength(2);
        // The same claim, by its owner, so that it cannot lose to itself where only the answer was lost.
        expect(requests[1]?.body).toBe(requests[0]?.body);
      },
    );
    await ask(
      () => bad,
      async (store, { requests }) => {
        expect(await store.acquire('nonce', soon())).toBeUndefined();
        expect(requests).toHaveLength(2);
      },
    );
  });

  it.each(['AccessDeniedException', 'ValidationException', 'ExpiredTokenException', 'ResourceNotFoundException'])(
    'is down, and asks no more, if it says %s',
    async (type) => {
      await ask(
        () => fault(type),
        async (store, { requests }) => {
          await isDown(store);
          expect(requests).toHaveLength(downAnswers.length);
        },
      );
    },
  );

  it.each<[string, Answer]>([
    ['nothing', { body: '' }],
    ['no JSON', { body: '<html>' }],
    ['another item', { body: { Item: { until: { N: 'soon' }, value: { S: 'value' } } } }],
    ['no item', { body: { Item: null } }],
    ['an item without a value', { body: { Item: { until: { N: '9999999999999' }, value: { N: '1' } } } }],
  ])('reads nothing if it answers with %s', async (_, answer) => {
    await ask(
      () => answer,
      async (store) => expect(await store.get('key')).toBeUndefined(),
    );
  });

  it('is down while the server is silent', async () => {
    await ask(
      () => 'silence',
      (store) => isDown(store),
      short,
    );
  });

  it('does not lose a claim or a lock to itself if only the first answer was lost', async () => {
    const table = await server.newTable();
    let count = 0;
    const lossy = await record(async (request) => {
      const response = await forward(request, server.url);
      return ++count === 1 ? undefined : response;
    });
    const store = storeAt(lossy.url, table);
    expect(await store.acquire('nonce', soon())).toBe(true);
    expect(count).toBe(2);
    expect(await store.acquire('nonce', soon())).toBe(false);
    await storeAt(server.url, table).put('key', 'value', soon());
    count = 0;
    expect(await store.lock('key', soon())).toEqual({ isOurs: true, value: 'value' });
    expect(count).toBe(2);
    expect(await store.lock('key', soon())).toEqual({ isOurs: false });
    await lossy.close();
  });
});

/** Sends a request on to where it should have gone. */
const forward = async (request: HttpRequest, to: URL): Promise<Answer> => {
  const {
    'content-length': _,
    connection: __,
    'transfer-encoding': ___,
    ...headers
  } = request.headers as Record<string, string>;
  const { transport } = deps(realNow);
  const response = await transport(
    { ...request, host: to.host, headers: { ...headers, host: to.host } },
    AbortSignal.timeout(deadline),
  );
  return { status: response.status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: response.body };
};

/** One operation, asked by AWS's own client. */
const asked: Readonly<Record<string, (sdk: oracle.DynamoDBClient, input: never) => Promise<unknown>>> = {
  GetItem: (sdk, input) => sdk.send(new oracle.GetItemCommand(input)),
  PutItem: (sdk, input) => sdk.send(new oracle.PutItemCommand(input)),
  UpdateItem: (sdk, input) => sdk.send(new oracle.UpdateItemCommand(input)),
  DeleteItem: (sdk, input) => sdk.send(new oracle.DeleteItemCommand(input)),
};

describe("our calls, beside those of AWS's own client", () => {
  it('are the same on the wire, have the same answers, and leave the same table', async () => {
    const [ours, theirs] = [await server.newTable(), await server.newTable()];
    const answers: Answer[] = [];
    const wire = await record(async (request) => {
      const answer = await forward(request, server.url);
      answers.push(answer);
      return answer;
    });
    const clock = stillClock();
    const store = dynamodbStore({ table: ours, region, endpoint: wire.url }, deps(clock.now), deadline);
    const end = new Date(clock.now().getTime() + 60_000);
    await store.put('key', 'Grüße "🔑"', end);
    await store.get('key');
    await store.get('other');
    await store.lock('key', end);
    await store.lock('key', end);
    await store.put('key', 'other', end);
    await store.putAndUnlock('key', 'Grüße "🔑"', end);
    await store.lock('other', end);
    await store.unlock('other');
    await store.unlock('third');
    await store.acquire('nonce', end);
    await store.acquire('nonce', end);
    await store.consume('quota', 6, 10, end);
    await store.consume('quota', 6, 10, end);
    await store.consume('quota', 6, 10, end);
    await clock.pass(60_000);
    await store.acquire('nonce', new Date(end.getTime() + 60_000));
    await store.release('nonce');
    await store.get('key');
    await store.consume('quota', 2, 10, new Date(end.getTime() + 60_000));
    const sent = wire.requests.splice(0);
    const got = answers.splice(0);
    expect(sent.length).toBeGreaterThan(15);

    const sdk = sdkFor(wire.url);
    for (const [index, request] of sent.entries()) {
      const target = request.headers['x-amz-target'] ?? '';
      const ask = asked[target.split('.')[1] ?? ''];
      if (ask === undefined) throw new Error(`AWS's client is not asked for ${target}.`);
      const refused = await ask(sdk, { ...JSON.parse(request.body), TableName: theirs } as never).then(
        () => undefined,
        (error: Error) => error.name,
      );

      const [twin, answer] = [wire.requests.at(-1), answers.at(-1)];
      expect(twin).toMatchObject({ method: request.method, path: request.path, query: request.query });
      for (const name of ['content-type', 'x-amz-target']) expect(twin?.headers[name]).toBe(request.headers[name]);
      expect({ ...JSON.parse(twin?.body ?? ''), TableName: ours }).toEqual(JSON.parse(request.body));
      expect({ ...answer, body: JSON.parse(String(answer?.body)) }).toEqual({
        ...got[index],
        body: JSON.parse(String(got[index]?.body)),
      });
      expect(refused).toBe(answer?.status === 200 ? undefined : 'ConditionalCheckFailedException');
      // Both are signed for the same place.
      const [own, other] = [signatureOf(request, secret), twin === undefined ? undefined : signatureOf(twin, secret)];
      expect(own?.scope).toMatchObject({ region, service: 'dynamodb' });
      expect(other?.scope).toMatchObject({ region, service: 'dynamodb' });
      for (const name of ['content-type', 'host', 'x-amz-date', 'x-amz-target']) {
        expect(own?.signedHeaders).toContain(name);
        expect(other?.signedHeaders).toContain(name);
      }
    }
    expect(await server.items(theirs)).toEqual(await server.items(ours));
    sdk.destroy();
    await wire.close();
  });
});
