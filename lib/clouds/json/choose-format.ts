import type { Answer, DialectContext } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import { peekQuery } from '../parameters.ts';
import { type FormatName, formats, isFormatName } from './formats.ts';

type Minted = Extract<Answer, { kind: 'credentials' }>;

const nameOf = (context: DialectContext): string => peekQuery(context.request).get('format') ?? 'default';

/** Returns the format that a request asks for, or throws an StsError if no format has that name. */
export const formatOf = (context: DialectContext): FormatName => {
  const name = nameOf(context);
  if (isFormatName(name)) return name;
  throw new StsError('InvalidParameter', `format must be one of ${Object.keys(formats).join(', ')}.`, {
    parameter: 'format',
  });
};

/** Credentials in the format that the request asks for. */
export const formatted = (answer: Minted, context: DialectContext): HttpResponse => {
  const { requestId, now } = context;
  const { contentType, text } = formats[formatOf(context)]({ ...answer, requestId, now });
  return { status: 200, headers: { 'content-type': contentType }, body: text };
};

/** Whether the reader of the answer is the container credentials provider of an AWS SDK. */
export const isForContainer = (context: DialectContext): boolean => nameOf(context) === 'aws-container';
