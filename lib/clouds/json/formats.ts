import { type FormatName, formats, isFormatName } from '../../formats/formats.ts';
import type { Answer, Occasion } from '../../sts/cloud.ts';
import { StsError } from '../../sts/errors.ts';
import type { HttpResponse } from '../../sts/http.ts';
import { glanceQuery } from '../parameters.ts';

type Minted = Extract<Answer, { kind: 'credentials' }>;

const nameOf = (occasion: Occasion): string => glanceQuery(occasion.request).get('format') ?? 'default';

/** The format that a request asks for; an StsError where there is none of that name. */
export const formatOf = (occasion: Occasion): FormatName => {
  const name = nameOf(occasion);
  if (isFormatName(name)) return name;
  throw new StsError('InvalidParameter', `format must be one of ${Object.keys(formats).join(', ')}.`, {
    parameter: 'format',
  });
};

/** Credentials in the format that the request asks for. */
export const formatted = (answer: Minted, occasion: Occasion): HttpResponse => {
  const { requestId, now } = occasion;
  const { contentType, text } = formats[formatOf(occasion)]({ ...answer, requestId, now });
  return { status: 200, headers: { 'content-type': contentType }, body: text };
};

/** Whether the reader of the answer is the container credentials provider of an AWS SDK. */
export const isForContainer = (occasion: Occasion): boolean => nameOf(occasion) === 'aws-container';
