/** What `import … from 'credmint'` gives: to open what credmint closed for you. */
export { type OpenedReply, openReply } from '../delivery/open.ts';
