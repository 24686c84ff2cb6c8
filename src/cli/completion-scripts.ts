/**
 * What each shell loads. None of them knows a command or a flag: they ask `swarmctl __complete`, so they do not go
 * stale. It answers with `files` or `words`, and a line for each word with a tab and its meaning.
 */
export const completionScripts: Record<'bash' | 'zsh' | 'fish', string> = {
  bash: `# Completion of swarmctl for bash: eval "$(swarmctl completion bash)"
_swarmctl() {
  local kind='' value meaning cut=''
  # bash breaks --flag=value into three words, and replaces the last one alone.
  if [[ \${COMP_WORDS[COMP_CWORD]} == = || \${COMP_WORDS[COMP_CWORD-1]} == = ]]; then cut='*='; fi
  COMPREPLY=()
  while IFS=$'\\t' read -r value meaning; do
    if [[ -z $kind ]]; then kind=$value; else COMPREPLY+=("\${value#$cut}"); fi
  done < <("$1" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [[ $kind == files ]]; then compopt -o default; fi
}
complete -F _swarmctl swarmctl
`,
  zsh: `#compdef swarmctl
# Completion of swarmctl for zsh: eval "$(swarmctl completion zsh)", after compinit
_swarmctl() {
  local -a lines candidates
  local line tab=$'\\t'
  lines=("\${(@f)$("\${(Q)words[1]}" __complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $lines[1] == files ]]; then
    compset -P '*='
    _files
    return
  fi
  for line in "\${(@)lines[2,-1]}"; do
    candidates+=("\${\${line%%$tab*}//:/\\\\:}:\${line#*$tab}")
  done
  _describe -t swarmctl 'swarmctl' candidates
}
if [[ $funcstack[1] == _swarmctl ]]; then _swarmctl "$@"; else compdef _swarmctl swarmctl; fi
`,
  fish: `# Completion of swarmctl for fish: swarmctl completion fish | source
function __swarmctl_complete
  set -l words (commandline --tokenize --current-process --cut-at-cursor)
  set -l current (commandline --current-token --cut-at-cursor)
  set -l program $words[1]
  set -e words[1]
  set -l lines ($program __complete -- $words "$current" 2>/dev/null)
  if test "$lines[1]" = files
    set -l flag (string match --regex -- '^--[^=]+=' "$current")
    for path in (__fish_complete_path (string replace -- "$flag" '' "$current"))
      printf '%s\\n' "$flag$path"
    end
  else
    set -e lines[1]
    printf '%s\\n' $lines
  end
end
complete --command swarmctl --no-files --arguments '(__swarmctl_complete)'
`,
};
