// Reads `.databrickscfg`: sections of `key = value`. Values are verbatim, because a token may hold `#`, `;` or `=`;
// only a whole line is a comment. Knows no file system and none of the keys.

export type Profiles = ReadonlyMap<string, ReadonlyMap<string, string>>;

export class ConfigFileError extends Error {
  /** 1-based. */
  readonly line: number;

  constructor(line: number, problem: string) {
    super(problem);
    this.name = 'ConfigFileError';
    this.line = line;
  }
}

/** Section of settings that are no profile. https://docs.databricks.com/aws/en/dev-tools/cli/profiles */
export const SETTINGS_SECTION = '__settings__';

/**
 * Sections in the order of the file; a section that comes twice is one, of a key that comes twice the last counts.
 * Keys before the first section belong to DEFAULT. The message never repeats a line, which may hold a token.
 * @throws ConfigFileError
 */
export function parseProfiles(text: string): Profiles {
  const profiles = new Map<string, Map<string, string>>();
  let section = 'DEFAULT';
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  lines.forEach((raw, index) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return;
    const header = /^\[(.*)\]$/.exec(line);
    if (header !== null) {
      section = (header[1] ?? '').trim();
      if (section === '') throw new ConfigFileError(index + 1, 'a section without a name');
      if (!profiles.has(section)) profiles.set(section, new Map());
      return;
    }
    const equals = line.indexOf('=');
    if (equals < 1) throw new ConfigFileError(index + 1, 'neither a [section] nor a "key = value"');
    const values = profiles.get(section) ?? new Map<string, string>();
    values.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
    profiles.set(section, values);
  });
  return profiles;
}
