// What the exit code of every command says. Scripts rely on these numbers: they never change their meaning.

export const exitCodes = {
  ok: 0,
  general: 1,
  usage: 2,
  not_signed_in: 3,
  unreachable: 4,
  tool_error: 5,
  forbidden: 6,
  non_compliant: 20,
  undetermined: 21,
  not_enrolled: 22,
  interrupted: 130,
} as const;

export type ExitName = keyof typeof exitCodes;

export const exitMeanings: Readonly<Record<ExitName, string>> = {
  ok: 'It worked.',
  general: 'It did not work, for a reason that none of the others names.',
  usage: 'The command line, or a value in it, is wrong.',
  not_signed_in: 'Not signed in: no credential is stored, it has expired, or it was wrong.',
  unreachable: 'The hub cannot be reached, or did not answer in time.',
  tool_error: 'The tool was called and answered with an error.',
  forbidden: 'The hub refused: a permission or a grant is missing, or a policy said no.',
  non_compliant: 'This computer does not comply.',
  undetermined: 'Whether this computer complies could not be found out.',
  not_enrolled: 'This computer belongs to no hub.',
  interrupted: 'Interrupted with Ctrl-C.',
};
