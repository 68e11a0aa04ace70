import { show } from './audit/show.ts';
import { verify } from './audit/verify.ts';
import { withSubcommands } from './subcommands.ts';

export const audit = withSubcommands('audit', 'prove that an audit log is whole, or look for records in it', {
  verify,
  show,
});
