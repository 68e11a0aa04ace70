import { useRef, useState } from 'preact/hooks';
import {
  type AccessView,
  type HolderView,
  type WhatIf,
  type WhatIfView,
  whatIfOperations,
} from '../lib/console/view.ts';
import { counted } from './format.ts';

const Holder = ({ holder, onUse }: { readonly holder: HolderView; readonly onUse: (claims: string) => void }) => {
  const { caller, grant, proof, claims, role, conditions, unknown } = holder;
  return (
    <li>
      <p>
        <b>{caller}</b> by the grant <b>{grant}</b>
        {unknown === undefined ? null : <span class="faint"> perhaps: {unknown}</span>}
      </p>
      <p class="faint">
        {[proof, role === undefined ? undefined : `role ${role}`, ...conditions]
          .filter((one) => one !== undefined)
          .join(', ')}
      </p>
      {claims === undefined ? null : (
        <>
          <pre>{claims}</pre>
          {claims.includes('"iss"') ? (
            <button type="button" class="quiet needs-script" onClick={() => onUse(claims)}>
              Try these claims
            </button>
          ) : null}
        </>
      )}
    </li>
  );
};

const Result = ({ result, onUse }: { readonly result: WhatIfView; readonly onUse: (claims: string) => void }) => {
  const [first = '', ...more] = result.lines;
  const { others, othersUnknown } = result;
  return (
    <>
      <p class={result.isAllowed ? 'verdict verdict-well' : 'verdict verdict-ill'}>
        {first}
        {more.map((line) => (
          <span key={line}>{line}</span>
        ))}
      </p>
      <h3>{others.length === 0 ? 'Who else' : `Who else: ${counted(others.length, 'way')}`}</h3>
      {othersUnknown === undefined ? null : <p class="faint">{othersUnknown}</p>}
      {others.length === 0 && othersUnknown === undefined ? <p>Nobody.</p> : null}
      <ul class="holders">
        {others.map((holder) => (
          <Holder key={`${holder.caller} ${holder.grant} ${holder.operation}`} holder={holder} onUse={onUse} />
        ))}
      </ul>
    </>
  );
};

const nothingAsked: WhatIf = { caller: '', claims: '', account: '', operation: 'AssumeRole', role: '' };

interface WhatIfFormProps {
  readonly access: AccessView;
  readonly result: WhatIfView | undefined;
  readonly onAsk: (asked: WhatIf) => Promise<void>;
}

/** "What would happen if": the real decision, on a request that nobody sent. */
export const WhatIfForm = ({ access, result, onAsk }: WhatIfFormProps) => {
  const [asked, setAsked] = useState<WhatIf>(result?.asked ?? nothingAsked);
  const [isAsking, setAsking] = useState(false);
  const claims = useRef<HTMLTextAreaElement>(null);
  const change = (name: keyof WhatIf) => (event: { readonly currentTarget: { readonly value: string } }) =>
    setAsked({ ...asked, [name]: event.currentTarget.value });
  const ask = async (event: Event): Promise<void> => {
    event.preventDefault();
    setAsking(true);
    await onAsk(asked).finally(() => setAsking(false));
  };
  const roles = [
    ...new Set(
      access.grants.flatMap(({ operations: allowed, targets }) => (allowed.includes('AssumeRole') ? targets : [])),
    ),
  ];

  return (
    <div class="what-if">
      <form action="/console/access#what-if" method="post" onSubmit={ask}>
        <label>
          Caller
          <select name="caller" value={asked.caller} onChange={change('caller')}>
            <option value="">whoever the claims prove</option>
            {access.callers.map(({ name }) => (
              <option key={name} value={name} selected={name === asked.caller}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Claims of a token, as JSON
          <textarea
            name="claims"
            rows={6}
            spellcheck={false}
            value={asked.claims}
            ref={claims}
            onInput={change('claims')}
            placeholder={'{"iss": "https://…", "sub": "repo:acme/site:ref:refs/heads/main"}'}
          />
          <small>Never a whole token. aud, iat, exp and jti are filled in if they are missing.</small>
        </label>
        <div class="row">
          <label>
            Operation
            <select name="operation" value={asked.operation} onChange={change('operation')}>
              {whatIfOperations.map((operation) => (
                <option key={operation} value={operation} selected={operation === asked.operation}>
                  {operation}
                </option>
              ))}
            </select>
          </label>
          <label>
            Account
            <select name="account" value={asked.account} onChange={change('account')}>
              <option value="">any that matches</option>
              {access.accounts.map(({ name }) => (
                <option key={name} value={name} selected={name === asked.account}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        </div>
        <label>
          Role
          <input name="role" list="roles" value={asked.role} onInput={change('role')} autocomplete="off" />
        </label>
        <datalist id="roles">
          {roles.slice(0, 200).map((role) => (
            <option key={role} value={role} />
          ))}
        </datalist>
        <button type="submit" disabled={isAsking}>
          {isAsking ? 'Asking…' : 'What would happen'}
        </button>
      </form>
      <div class="answer" aria-live="polite">
        {result === undefined ? (
          <p class="faint">
            The answer is the server's own decision, with why; and by the shortest request that would be allowed, who
            else can have the same. Nothing is minted, and no signature is looked at.
          </p>
        ) : (
          <Result
            result={result}
            onUse={(text) => {
              setAsked({ ...asked, caller: '', claims: text });
              claims.current?.focus();
            }}
          />
        )}
      </div>
    </div>
  );
};
