import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '../../../lib/core/secret.ts';
import { readTc3, verifyTc3 } from '../../../lib/signers/tc3.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A function as SCF keeps it. */
export interface Kept {
  latest: Fields;
  readonly versions: Fields[];
  readonly aliases: Map<string, string>;
  triggers: Fields[];
}

export interface Asked {
  readonly action: string;
  readonly input: Fields;
}

export const key = { id: 'AKIDEXAMPLEOFTHEDEPLOYER', secret: 'secret-of-whoever-deploys-functions' };

const reading = new Set(['GetFunction', 'GetAlias', 'ListTriggers']);

/** The SCF API on this machine: believes only what is signed by TC3, and answers as its pages have it. */
export const scfRecorder = async () => {
  const asked: Asked[] = [];
  const functions = new Map<string, Kept>();
  /** Codes that the next calls of an action are refused with. */
  const refusals = new Map<string, string[]>();
  /** What functions say of themselves before they are active, by name. */
  const statuses = new Map<string, string[]>();

  const missing = (what: string) => ({ Error: { Code: `ResourceNotFound.${what}`, Message: 'It is not there.' } });
  const kept = (input: Fields): Kept | undefined => functions.get(String(input['FunctionName']));

  const triggerOf = ({ Enable, TriggerDesc, Type, ...rest }: Fields): Fields => ({
    ...rest,
    Type,
    Enable: Enable === 'OPEN' ? 1 : 0,
    // SCF tells more than it was told.
    TriggerDesc:
      Type === 'timer'
        ? JSON.stringify({ cron: TriggerDesc })
        : Type === 'http'
          ? JSON.stringify(withUrl(JSON.parse(String(TriggerDesc))))
          : TriggerDesc,
  });

  const answers: Readonly<Record<string, (input: Fields) => Fields>> = {
    CreateFunction: ({ FunctionName, Code: _, ...rest }) => {
      functions.set(String(FunctionName), { latest: rest, versions: [], aliases: new Map(), triggers: [] });
      return {};
    },
    UpdateFunctionCode: () => ({}),
    UpdateFunctionConfiguration: ({ FunctionName, ...rest }) => {
      const found = functions.get(String(FunctionName));
      if (found === undefined) return missing('Function');
      found.latest = { ...found.latest, ...rest };
      return {};
    },
    GetFunction: (input) => {
      const found = kept(input);
      const version =
        input['Qualifier'] === '$LATEST' ? found?.latest : found?.versions[Number(input['Qualifier']) - 1];
      const Status = statuses.get(String(input['FunctionName']))?.shift() ?? 'Active';
      return version === undefined ? missing('Function') : { ...version, Status };
    },
    PublishVersion: (input) => {
      const found = kept(input);
      if (found === undefined) return missing('Function');
      found.versions.push(found.latest);
      return { FunctionVersion: String(found.versions.length) };
    },
    GetAlias: (input) => {
      const FunctionVersion = kept(input)?.aliases.get(String(input['Name']));
      return FunctionVersion === undefined ? missing('Alias') : { Name: input['Name'], FunctionVersion };
    },
    CreateAlias: (input) => {
      kept(input)?.aliases.set(String(input['Name']), String(input['FunctionVersion']));
      return {};
    },
    UpdateAlias: (input) => {
      kept(input)?.aliases.set(String(input['Name']), String(input['FunctionVersion']));
      return {};
    },
    ListTriggers: (input) => {
      const triggers = kept(input)?.triggers ?? [];
      return { Triggers: triggers, TotalCount: triggers.length };
    },
    CreateTrigger: (input) => {
      kept(input)?.triggers.push(triggerOf(input));
      return { TriggerInfo: triggerOf(input) };
    },
    UpdateTrigger: (input) => {
      const found = kept(input);
      if (found) found.triggers = [...without(found.triggers, input), triggerOf(input)];
      return {};
    },
    DeleteTrigger: (input) => {
      const found = kept(input);
      if (found) found.triggers = without(found.triggers, input);
      return {};
    },
    DeleteFunction: (input) => {
      functions.delete(String(input['FunctionName']));
      return {};
    },
  };

  const answer = (headers: Record<string, string>, path: string, body: string): Fields => {
    const proof = readTc3({ headers });
    // The SDK signs the host without its port.
    const request = { method: 'POST', scheme: 'http', host: '127.0.0.1', path, query: '', headers, body } as const;
    if (proof?.accessKeyId !== key.id || !verifyTc3(request, proof, new Secret(key.secret))) {
      return { Error: { Code: 'AuthFailure.SignatureFailure', Message: 'The signature is not one of this key.' } };
    }
    const action = headers['x-tc-action'] ?? '';
    const input = JSON.parse(body) as Fields;
    asked.push({ action, input });
    const Code = refusals.get(action)?.shift();
    if (Code !== undefined) return { Error: { Code, Message: 'SCF says no.' } };
    return answers[action]?.(input) ?? { Error: { Code: 'InvalidAction', Message: action } };
  };

  const server = createServer((message, response) => {
    const pieces: Buffer[] = [];
    message.on('data', (piece: Buffer) => pieces.push(piece));
    message.on('end', () => {
      const told = answer(
        message.headers as Record<string, string>,
        message.url ?? '/',
        Buffer.concat(pieces).toString(),
      );
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ Response: { ...told, RequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef' } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    functions,
    refusals,
    statuses,
    asked,
    /** What would have changed something. */
    changes: () => asked.filter(({ action }) => !reading.has(action)).map(({ action }) => action),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
};

const without = (triggers: readonly Fields[], { TriggerName, Type }: Fields): Fields[] =>
  triggers.filter((each) => each['TriggerName'] !== TriggerName || each['Type'] !== Type);

const withUrl = (settings: { readonly NetConfig: object }): object => ({
  ...settings,
  EnableSimpleMode: false,
  NetConfig: {
    ...settings.NetConfig,
    ExtranetUrl: 'https://1250000000-abc.ap-guangzhou.tencentscf.com',
    IntranetUrl: '',
  },
});
