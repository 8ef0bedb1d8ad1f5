# PATH as the login had it, without the folders that somebody but root and this user can write or replace, and without those that do not begin
# with `/`: a program in one of these would run with our rights. The system's own folders come last in any case.
# In a sticky folder, such as /tmp, others can add but not replace: that is enough for a folder above, not for one of PATH itself.

FOLDERS=() ABOVE=(/) SAFE=''
IFS=: read -r -d '' -a FOLDERS <<<"${PATH_OF_LOGIN:-$PATH}:" || :
# (so that the list is never empty, which bash 4.2 takes for a variable that is not set)
FOLDERS+=(/)
for FOLDER in "${!FOLDERS[@]}"; do
  if [[ ${FOLDERS[FOLDER]} != /* ]]; then unset "FOLDERS[FOLDER]"; fi
done
# (links are followed: what counts is where a folder really is)
mapfile -t FOLDERS < <(readlink --canonicalize-existing -- "${FOLDERS[@]}" 2>/dev/null)
for FOLDER in "${FOLDERS[@]}"; do
  while FOLDER=${FOLDER%/*} && [[ -n $FOLDER ]]; do ABOVE+=("$FOLDER"); done
done
FOREIGN=(! -user root ! -uid "$EUID")
WRITTEN=(-perm /002 -o -perm /020 ! -gid 0 ! -gid "${GROUPS[0]}")
OPEN=$(find "${FOLDERS[@]}" -maxdepth 0 \( "${FOREIGN[@]}" -o "${WRITTEN[@]}" \) -printf ':%p:')
OPEN+=$(find "${ABOVE[@]}" -maxdepth 0 \( "${FOREIGN[@]}" -o ! -perm -1000 \( "${WRITTEN[@]}" \) \) -printf ':%p:')
for FOLDER in "${FOLDERS[@]}"; do
  UP=$FOLDER
  while [[ -n $UP && $OPEN != *":$UP:"* ]]; do UP=${UP%/*}; done
  if [[ -z $UP && $FOLDER != / ]]; then SAFE+=$FOLDER:; fi
done
PATH=$SAFE/usr/bin:/bin
unset PATH_OF_LOGIN FOLDERS ABOVE SAFE FOLDER FOREIGN WRITTEN OPEN UP
