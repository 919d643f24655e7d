import { messageOf } from '../errors.ts';

/** The parts of an octokit error that matter. */
export interface GithubFailure {
  readonly status?: number;
  /** All messages that GitHub gave, on one line and clipped; of a page, its title. Empty where GitHub said nothing. */
  readonly message: string;
  /** Of a GraphQL answer's errors. */
  readonly types: readonly string[];
  readonly acceptedPermissions?: string;
  /** Where the token's owner can authorize it for an organisation with SAML. */
  readonly authorizeUrl?: string;
  /** The connection failed, or the answer did not arrive whole: octokit gives such an error the status 500, and no response. */
  readonly unreached?: boolean;
  /** The time for an answer ran out; `message` says after how long, and at which request. */
  readonly unanswered?: boolean;
  /** A page came where JSON was due: of a proxy, a login, or one of GitHub's own about a failure. */
  readonly isPage?: boolean;
  /** The host to which the answer redirects. */
  readonly redirectsTo?: string;
}

const LONGEST_MESSAGE = 300;
const LONGEST_URL = 500;

/** Reads a thrown RequestError, GraphqlResponseError or what the client's own plugins throw. */
export function readFailure(thrown: unknown): GithubFailure {
  const error = asRecord(thrown);
  const response = asRecord(error.response);
  const data = asRecord(response.data);
  const listed = Array.isArray(error.errors) ? error.errors : Array.isArray(data.errors) ? data.errors : [];
  const details = listed.map(asRecord);
  // A GraphQL failure comes with HTTP 200 and bare headers in place of a response.
  const headers = asRecord(response.headers ?? error.headers);
  const accepted = headers['x-accepted-github-permissions'];
  const page = pageOf(response.data, headers);
  const reasons = listed.map((one) => (typeof one === 'string' ? one : wordsOf(asRecord(one))));
  // The message of a GraphQL failure only repeats the errors, behind words of the client.
  const ownWords = Array.isArray(error.errors) && reasons.some((reason) => reason !== '') ? '' : messageOf(thrown);
  const texts = [page ?? (typeof data.message === 'string' ? data.message : ownWords), ...reasons];
  return {
    status: typeof error.status === 'number' ? error.status : undefined,
    message: clip([...new Set(texts.filter((text) => text !== ''))].join(' · ')),
    types: details.flatMap((detail) => (typeof detail.type === 'string' ? [detail.type] : [])),
    acceptedPermissions: typeof accepted === 'string' ? clip(accepted) : undefined,
    authorizeUrl: authorizeUrlOf(headers['x-github-sso']),
    ...(error.name === 'NoAnswer' ? { unanswered: true } : {}),
    ...(error.status === 500 && error.response === undefined ? { unreached: true } : {}),
    ...(page === undefined ? {} : { isPage: true }),
    redirectsTo: hostOf(headers.location),
  };
}

/** One line of at most 300 characters, without any that change how others are shown. */
export function clip(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length <= LONGEST_MESSAGE ? line : `${line.slice(0, LONGEST_MESSAGE - 1)}…`;
}

/** The title of an HTML page, or its text where there is none; undefined where the content is no page. */
function pageOf(data: unknown, headers: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof data !== 'string') return undefined;
  const isHtml = /^\s*</.test(data) || /\bhtml\b/.test(String(headers['content-type']));
  if (!isHtml) return data === '' ? undefined : data;
  const title = /<title>([^<]*)/i.exec(data)?.[1];
  return title ?? '';
}

function authorizeUrlOf(header: unknown): string | undefined {
  const url = /(?:^|;)\s*url=(\S+)/.exec(String(header))?.[1];
  if (url === undefined || url.length > LONGEST_URL || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return protocol === 'https:' ? href : undefined;
}

function hostOf(location: unknown): string | undefined {
  return typeof location === 'string' && URL.canParse(location) ? new URL(location).host : undefined;
}

function wordsOf(detail: Readonly<Record<string, unknown>>): string {
  if (typeof detail.message === 'string') return detail.message;
  return typeof detail.field === 'string' && typeof detail.code === 'string' ? `${detail.field} is ${detail.code}` : '';
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
