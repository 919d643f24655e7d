/** The repository's files at the base of a change. Paths are relative, with `/`. */
export interface RepositoryFiles {
  list(): Promise<readonly RepositoryFile[]>;
  /** The bytes of a listed file. */
  read(path: string): Promise<Uint8Array>;
}

export interface RepositoryFile {
  readonly path: string;
  readonly size: number;
  /** Symlinks and submodules are never read or edited. */
  readonly type: 'file' | 'symlink' | 'submodule';
}
