import { parseArgs } from 'node:util';
import { dialectsOf } from '../../lib/clouds/dialects.ts';
import { diagnose } from '../../lib/diagnostics/doctor.ts';
import { instantOf, UsageError } from '../../lib/diagnostics/explain.ts';
import { readRequest } from '../../lib/platform/raw-request.ts';
import { readArgument } from './argument-file.ts';
import type { Command } from './command.ts';
import { requestInTrace } from './curl-trace.ts';
import { doctorAccount } from './doctor-account.ts';
import { readRequestFile } from './request-file.ts';
import { bothConfigs, pathOf } from './written-config.ts';

export const doctor: Command = {
  summary: 'explain why the signature of a request is not valid, or ask what the system of an account can',
  usage: `credmint doctor FILE [--config FILE] [--at INSTANT] [--json]
credmint doctor --account NAME [--role ROLE] [--config FILE] [--json]

FILE is an HTTP request as it is sent (the request line, headers, an empty line, the body), or what curl prints with
--trace, --trace-ascii or -v; -v leaves bodies out. - is standard input.
The secret of its access key is taken from the configuration. The right signature is never printed.

With an account, its real system is asked by the account's key: what it has, what becomes of policies and roles, and
which profile fits. Nothing is changed; credentials that are given last 900 seconds, and are dropped. Exits with 1 unless
the account's own profile fits.`,
  run: async (args, io) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        at: { type: 'string' },
        account: { type: 'string' },
        role: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    if (values.account !== undefined) {
      const { account, role, json } = values;
      return doctorAccount({ account, role, json, path: pathOf(values.config, io) }, io);
    }
    const [file] = positionals;
    if (file === undefined) throw new UsageError('FILE or --account is missing.');
    const at = values.at === undefined ? new Date() : instantOf(values.at);
    const { config } = bothConfigs(values.config, io);
    const bytes = readArgument(file);
    const raw = readRequestFile(requestInTrace(bytes.toString('latin1')) ?? bytes);
    if (raw === undefined) {
      io.stderr.write('The file is not an HTTP request: METHOD /path HTTP/1.1, headers, an empty line, the body.\n');
      return 2;
    }
    const expected = Number(raw.headers['content-length'] ?? 0);
    if (raw.body.length < expected) {
      io.stderr.write(
        `The body is missing: ${expected} bytes were sent, and the file has ${raw.body.length}. \`curl -v\` leaves bodies out; use --trace-ascii FILE.\n`,
      );
      return 2;
    }
    const { request, fault } = readRequest(raw);
    const say = (code: string, why: string): void =>
      void io.stdout.write(values.json ? `${JSON.stringify({ code, why }, null, 2)}\n` : `${code}: ${why}\n`);
    if (fault !== undefined) {
      say(fault.code, fault.message);
      return 1;
    }
    const finding = diagnose({
      dialects: dialectsOf(io.clouds),
      clouds: io.clouds,
      context: {
        request,
        requestId: 'doctor',
        now: at,
        publicHosts: config.publicHosts,
      },
      secretOf: (accessKeyId) => config.keys.find((key) => key.id === accessKeyId)?.secret,
    });
    say(finding.code, finding.why);
    return finding.code === 'Valid' ? 0 : 1;
  },
};
