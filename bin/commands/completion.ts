import type { Command } from './command.ts';

/** The long options that a usage names. */
const optionsOf = (usage: string): readonly string[] => [
  ...new Set([...usage.matchAll(/(?<=^|[\s(|[])--[a-z][a-z-]+/g)].map(([option]) => option)),
];

/** What completes the words of a command: the commands that it is made of, and the options of all of them. */
const wordsOf = ({ usage, subcommands = {} }: Command): readonly string[] => [
  ...Object.keys(subcommands),
  ...new Set([usage, ...Object.values(subcommands).map((one) => one.usage)].flatMap(optionsOf)),
];

type Words = readonly (readonly [command: string, words: readonly string[]])[];

const bash = (words: Words): string => `_credmint() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${words.map(([name]) => name).join(' ')} help --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${words.map(([name, inner]) => `    ${name}) words="${inner.join(' ')} --help" ;;\n`).join('')}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case "$current" in
    -*) ;;
    *) COMPREPLY+=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _credmint credmint
`;

const fish = (words: Words): string =>
  words
    .map(([name, inner]) =>
      [
        `complete -c credmint -n __fish_use_subcommand -a ${name}\n`,
        ...inner.map((word) => {
          const completes = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
          return `complete -c credmint -n '__fish_seen_subcommand_from ${name}' ${completes}\n`;
        }),
      ].join(''),
    )
    .join('');

const shells: Readonly<Record<string, (words: Words) => string>> = {
  bash,
  // zsh runs bash's completions.
  zsh: (words) => `autoload -U +X bashcompinit && bashcompinit\n${bash(words)}`,
  fish,
};

const usage = `credmint completion bash | zsh | fish

Prints what completes commands and options in a shell: . <(credmint completion bash)`;

/** The completion of these commands; their options are read from their usages, so none is forgotten. */
export const completion = (commands: Readonly<Record<string, () => Promise<Command>>>): Command => ({
  summary: 'print what completes commands and options in bash, zsh or fish',
  usage,
  run: async ([shell = ''], io) => {
    const write = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
    if (write === undefined) {
      io.stderr.write(`${usage}\n`);
      return 2;
    }
    const words = Object.entries(commands).map(async ([name, load]) => {
      const inner = name === 'completion' ? Object.keys(shells) : wordsOf(await load());
      return [name, inner] as const;
    });
    io.stdout.write(write(await Promise.all(words)));
    return 0;
  },
});
