import type { Github } from './create-github.ts';

/** Tells whether an account is the one that the token belongs to. */
export type IsSelf = (login: string) => Promise<boolean>;

/** Asks GitHub who the token is at the first question only. REST would not tell a token of Actions. */
export function createIsSelf(github: Github): IsSelf {
  let asked: Promise<{ readonly viewer: { readonly login: string } }> | undefined;
  return async (login) => {
    asked ??= github.graphql('query { viewer { login } }');
    return (await asked).viewer.login.toLowerCase() === login.toLowerCase();
  };
}
