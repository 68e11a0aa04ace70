import { diff } from './prove/diff.ts';
import { lint } from './prove/lint.ts';
import { who } from './prove/who.ts';
import { withSubcommands } from './subcommands.ts';

export const prove = withSubcommands(
  'prove',
  'prove who can have what, and what a change of the configuration admits',
  { who, diff, lint },
);
