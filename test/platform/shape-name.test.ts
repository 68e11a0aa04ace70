import { expect, it } from 'vitest';
import { handlerOf } from '../../lib/app/functions/handler.ts';
import { health } from '../../lib/platform/health.ts';
import { recorded } from '../support/packaged/deployed.ts';

it.each([
  ['records of aws:sqs', recorded('mintOnEvent.sqs')],
  ['an event of EventBridge', recorded('mintOnEvent.eventbridge')],
  ['the tick of a timer of SCF', recorded('mintOnEvent.timer')],
  [
    'a request of VPC Lattice',
    { version: '2.0', path: '/', method: 'GET', requestContext: { serviceNetworkArn: 'a' } },
  ],
  ['a message of a WebSocket API', { requestContext: { connectionId: 'a=' }, body: 'secret' }],
  ['an object with body, verb', { body: 'secret', verb: 'GET' }],
  ['no object', 'secret'],
])('a function that answers requests refuses by name: %s', async (name, event) => {
  const refused = handlerOf(health)(event, {});

  await expect(refused).rejects.toThrow(`it is ${name}.`);
  await expect(refused).rejects.not.toThrow(/secret/);
});
