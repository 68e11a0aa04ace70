#!/usr/bin/env bash
# Asks a credmint server for credentials and sets them for the steps that follow. Needs curl 7.76 and jq, which GitHub's
# runners have. No secret is an argument of a process, and each is masked before it is set.
set -euo pipefail

fail() {
  # One line without control characters: a line of its own could be a command to the runner.
  printf '::error title=credmint::%s\n' "$(printf '%s' "$1" | tr -d '\000-\037' | cut -c -500)"
  exit 1
}

mask() { printf '::add-mask::%s\n' "$1"; }

# Prints the body of a 200; on anything else fails as curl does, with what the server said. $1 is the bearer token.
ask() {
  local token=$1
  shift
  printf 'authorization: Bearer %s\n' "$token" |
    curl -sS --fail-with-body --proto '=https,http' --max-time 30 --retry 3 --retry-max-time 60 -H @- "$@"
}

: "${INPUT_SERVER:?}" "${INPUT_AUDIENCE:?}"
server=${INPUT_SERVER%/}
[[ $server =~ ^(https://[^/@]+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?)(/|$) ]] ||
  fail 'The server must begin with https://.'
[[ -n ${ACTIONS_ID_TOKEN_REQUEST_URL:-} && -n ${ACTIONS_ID_TOKEN_REQUEST_TOKEN:-} ]] ||
  fail 'The job may not ask for a token: it needs permissions: { id-token: write }.'

audience=$(jq -rn --arg audience "$INPUT_AUDIENCE" '$audience | @uri')
reply=$(ask "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=$audience") ||
  fail 'GitHub gave no token for this job.'
token=$(jq -er '.value | strings' <<<"$reply") || fail 'GitHub gave no token for this job.'
mask "$token"

session=${INPUT_SESSION_NAME:-${GITHUB_REPOSITORY:-repository}-${GITHUB_RUN_ID:-run}}
session=${session//[^A-Za-z0-9_.-]/-}
body=$(
  jq -cn --arg account "${INPUT_ACCOUNT:-}" --arg role "${INPUT_ROLE:-}" --arg federation "${INPUT_FEDERATION:-}" \
    --arg session "${session:0:64}" --arg seconds "${INPUT_DURATION_SECONDS:-}" --arg policy "${INPUT_POLICY:-}" '
    (if $federation != "" then { name: $federation } else { roleArn: $role, roleSessionName: $session } end)
    + (if $account != "" then { account: $account } else {} end)
    + (if $seconds != "" then { durationSeconds: ($seconds | tonumber) } else {} end)
    + (if $policy != "" then { policy: $policy } else {} end)'
) || fail 'duration-seconds must be a number.'

given=0
for input in "${INPUT_ROLE:-}" "${INPUT_FEDERATION:-}" "${INPUT_LEASE:-}"; do [[ -z $input ]] || given=$((given + 1)); done
((given == 1)) || fail 'One of role, federation and lease is needed.'

if [[ -n ${INPUT_LEASE:-} ]]; then
  answer=$(ask "$token" "$server/leases/$(jq -rn --arg name "$INPUT_LEASE" '$name | @uri')?format=dotenv") && ok=1 || ok=
else
  path=assumeRole
  [[ -z ${INPUT_FEDERATION:-} ]] || path=getFederationToken
  answer=$(ask "$token" -H 'content-type: application/json' -d "$body" "$server/$path?format=dotenv") && ok=1 || ok=
fi
if [[ -z $ok ]]; then
  fail "$(jq -r '"\(.code): \(.detail) (request \(.requestId))"' <<<"$answer" 2>/dev/null || printf 'The server does not answer.')"
fi

# All of it is read before any of it is set.
names=() values=()
pattern="^([A-Z][A-Z0-9_]*)='([^']*)'\$"
while IFS= read -r line; do
  [[ $line =~ $pattern ]] || fail 'The answer of the server does not hold variables.'
  names+=("${BASH_REMATCH[1]}") values+=("${BASH_REMATCH[2]}")
done <<<"$answer"
for index in "${!names[@]}"; do
  case ${names[index]} in
    # Masked, a region would be blotted out of every line that names it.
    *_REGION | *_EXPIRATION | *_PROJECT_ID) ;;
    *) mask "${values[index]}" ;;
  esac
done
for index in "${!names[@]}"; do printf '%s=%s\n' "${names[index]}" "${values[index]}"; done >>"$GITHUB_ENV"
echo "credmint: set ${names[*]}"
