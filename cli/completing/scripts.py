"""What each shell must be told, so that it asks reprocc what could stand at the cursor."""

from __future__ import annotations

_BASH = r"""# reprocc: completion for bash 3.2 and later
_reprocc_complete() {
    local line file current
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
        :specs | :files | :folders)
            compopt -o filenames 2>/dev/null # bash 3.2 has none
            while IFS= read -r file; do
                if [[ -d $file || $line == :files ]]; then
                    COMPREPLY+=("$file")
                elif [[ $line == :specs && $file == *.y?(a)ml ]]; then
                    COMPREPLY+=("$file")
                fi
            done < <(compgen -f -- "$2")
            ;;
        *)
            line=${line%%$'\t'*}
            [[ $line == *= ]] && compopt -o nospace 2>/dev/null
            COMPREPLY+=("$line")
            ;;
        esac
    done < <(_REPROCC_COMPLETE=bash COMP_LINE=$COMP_LINE COMP_POINT=$COMP_POINT \
        COMP_WORDBREAKS=$COMP_WORDBREAKS "$1" 2>/dev/null)
}
complete -o nosort -F _reprocc_complete reprocc 2>/dev/null ||
    complete -F _reprocc_complete reprocc
"""

_ZSH = r"""#compdef reprocc
# reprocc: completion for zsh
_reprocc() {
    local line word
    local -a found words_shown open open_shown
    found=(${(f)"$(_REPROCC_COMPLETE=zsh ${(Q)words[1]} \
        "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)"})
    local -a plain plain_shown
    for line in $found; do
        case $line in
        :specs) _files -g '*.(yaml|yml)(-.)' ;;
        :files) _files ;;
        :folders) _files -/ ;;
        *)
            word=${line%%$'\t'*}
            if [[ $word == *= ]]; then
                open+=($word)
            else
                plain+=($word)
                plain_shown+=("$word${${line#*$'\t'}:+  -- ${line#*$'\t'}}")
            fi
            ;;
        esac
    done
    (( $#open )) && compadd -V open -S '' -- $open
    (( $#plain )) && compadd -V plain -l -d plain_shown -- $plain
}
if [[ $funcstack[1] == _reprocc ]]; then
    _reprocc "$@"
elif (( $+functions[compdef] )); then
    compdef _reprocc reprocc
fi
"""

_FISH = r"""# reprocc: completion for fish
function __reprocc_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l typed (string unescape -- "$current")
    for line in (env _REPROCC_COMPLETE=fish $words "$typed" 2>/dev/null)
        switch $line
            case ':specs'
                __fish_complete_suffix .yaml
            case ':files'
                __fish_complete_path "$current"
            case ':folders'
                __fish_complete_directories "$current"
            case '*'
                echo $line
        end
    end
end
complete -c reprocc -f -k -a '(__reprocc_complete)'
"""

SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
"""The script of each shell."""
