import type { Cloud } from '../../core/cloud.ts';
import { dialect } from './dialect.ts';
import { naming } from './naming.ts';
import { alibabaUpstream } from './upstream.ts';

const { id, provider, checkPolicy, variables } = alibabaUpstream;

/** Alibaba Cloud STS, version 2015-04-01. Both ways. */
export const alibaba: Cloud = { id, provider, checkPolicy, variables, dialect, naming };
