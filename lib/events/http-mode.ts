import type { HttpRequest } from '../core/http.ts';
import { readUnambiguousJson } from '../wire/exact-json.ts';

/** Types that a page of another origin cannot send without a preflight (Fetch, "CORS-safelisted request-header"). */
const types = /^application\/(cloudevents(-batch)?\+)?json\s*(;|$)/i;

/** Header values are percent-encoded (HTTP Protocol Binding, 3.1.3.2); what is not so encoded is as it stands. */
const decoded = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};

/**
 * What an HTTP message brings: a JSON document as it is (a CloudEvent in structured mode, a batch of them, a document of a
 * queue), or a CloudEvent in binary mode, whose attributes are `ce-` headers and whose data is the body. Returns undefined
 * if it is none. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export const contentOf = ({ headers, body }: Pick<HttpRequest, 'headers' | 'body'>): unknown => {
  const type = headers['content-type'] ?? '';
  if (!types.test(type)) return undefined;
  const json = readUnambiguousJson(body);
  // Its type says that it is structured, whatever headers are beside it.
  if (headers['ce-specversion'] === undefined || /^application\/cloudevents/i.test(type)) return json;
  const attributes = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('ce-') && value !== undefined ? [[name.slice(3), decoded(value)] as const] : [],
  );
  return { ...Object.fromEntries(attributes), datacontenttype: type, data: json };
};
