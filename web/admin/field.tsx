import type { Child } from 'hono/jsx';

export interface FieldProps {
  /** Also the name under which it is sent, unless told. */
  id: string;
  name?: string;
  label: string;
  type?: 'text' | 'email' | 'password';
  autocomplete: string;
  maxlength: number;
  minlength?: number;
  value?: string;
  hint?: Child;
  /** What is wrong with it. */
  error?: string | undefined;
  /** Where on the page it stands what is wrong with it, if that is not this field's alone. */
  errorId?: string;
  inputmode?: 'numeric';
  autofocus?: boolean;
  pattern?: string;
}

/** A field that has to be filled in, with its label, its hint, and what is wrong with it. */
export function Field({ id, name = id, label, type = 'text', hint, error, errorId, ...input }: FieldProps) {
  const wrongId = error ? `${id}-error` : errorId;
  const described = [hint && `${id}-hint`, wrongId].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="input"
        name={name}
        type={type}
        required
        {...input}
        {...(described ? { 'aria-describedby': described } : {})}
        {...(wrongId ? { 'aria-invalid': 'true' as const } : {})}
      />
      {hint && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={wrongId} class="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
