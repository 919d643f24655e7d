type Fetch = typeof fetch;

const MOST_HOPS = 3;

/**
 * A `fetch` that follows a renamed repository's redirects with the same method, body and token: the standard turns a POST into a
 * GET at 301 and 302. A redirect to another origin, which may have neither token nor content, is returned as it came.
 */
export function followRedirects(send: Fetch): Fetch {
  return async (input, init) => {
    let url = new URL(input instanceof Request ? input.url : String(input));
    for (let hops = 0; ; hops++) {
      const answer = await send(url.href, { ...init, redirect: 'manual' });
      const target = targetOf(answer, url);
      if (target === undefined || target.origin !== url.origin || hops === MOST_HOPS) return answer;
      await answer.body?.cancel();
      url = target;
    }
  };
}

function targetOf(answer: Response, from: URL): URL | undefined {
  const location = answer.headers.get('location');
  if (![301, 302, 307, 308].includes(answer.status) || location === null) return undefined;
  return URL.canParse(location, from.href) ? new URL(location, from) : undefined;
}
