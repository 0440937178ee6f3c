// What each shell runs to complete a line: it asks `mcpvault __complete`, which answers `value<tab>description` lines.

export type Shell = keyof typeof scripts;

const bash = `# Completion of mcpvault for bash. Load it with: source <(mcpvault completion bash)
_mcpvault() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(mcpvault __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _mcpvault mcpvault
`;

const zsh = `#compdef mcpvault
# Completion of mcpvault for zsh. Load it with: source <(mcpvault completion zsh)
_mcpvault() {
  local -a found
  local line value description
  while IFS= read -r line; do
    value="\${line%%$'\\t'*}"
    description="\${line#*$'\\t'}"
    found+=("\${value//:/\\\\:}:\${description}")
  done < <(mcpvault __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then
    _describe mcpvault found
  else
    _default
  fi
}
if [[ "\${funcstack[1]}" == _mcpvault ]]; then
  _mcpvault "$@"
else
  compdef _mcpvault mcpvault
fi
`;

const fish = `# Completion of mcpvault for fish. Load it with: mcpvault completion fish | source
function __mcpvault_complete
    set -l words (commandline -opc) (commandline -ct)
    mcpvault __complete -- $words[2..-1] 2>/dev/null
end
complete -c mcpvault -f -a '(__mcpvault_complete)'
`;

export const scripts = { bash, zsh, fish } as const;

export const shells = Object.keys(scripts) as Shell[];
