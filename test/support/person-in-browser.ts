/** A browser without scripts: keeps cookies, follows redirects, and fills the forms of a page. */
export interface Browser {
  /** Opens a page and submits its forms, with these values, until there is none; what the last page says. */
  visit(url: URL | string, values?: Readonly<Record<string, string>>): Promise<string>;
}

interface Form {
  readonly action: string;
  readonly fields: Record<string, string>;
}

const attribute = (tag: string, name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1];

const formOf = (page: string): Form | undefined => {
  const [whole, head] = /<form([^>]*)>[\s\S]*?<\/form>/.exec(page) ?? [];
  if (whole === undefined || head === undefined) return undefined;
  const inputs = [...whole.matchAll(/<(?:input|button)[^>]*>/g)].map(([tag]) => tag);
  const fields = inputs.flatMap((tag) => {
    const name = attribute(tag, 'name');
    return name === undefined || name === 'abort' ? [] : [[name, attribute(tag, 'value') ?? '']];
  });
  return { action: attribute(head, 'action') ?? '', fields: Object.fromEntries(fields) };
};

export const openBrowser = (): Browser => {
  const cookies = new Map<string, string>();
  const load = async (url: URL, form?: Form): Promise<{ readonly url: URL; readonly page: string }> => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form.fields) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    const page = await response.text();
    return location === null ? { url, page } : load(new URL(location, url));
  };
  return {
    visit: async (place, values = {}) => {
      let { url, page } = await load(new URL(place));
      for (let form = formOf(page); form !== undefined; form = formOf(page)) {
        for (const [name, value] of Object.entries(values)) if (name in form.fields) form.fields[name] = value;
        ({ url, page } = await load(new URL(form.action, url), form));
      }
      return page;
    },
  };
};
