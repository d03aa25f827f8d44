import { GraphQLError } from 'graphql';

/**
 * The message of an error of GraphQL's own without the values that it repeats: a password that was sent as a number
 * must not come back in an answer.
 */
export function withoutValues(error: GraphQLError): string {
  return withoutLiterals(withoutVariable(error));
}

/** `Variable "$input" got invalid value <value> at "input.env"; <what is wrong>`: graphql-js prints the whole value. */
function withoutVariable({ message, originalError }: GraphQLError): string {
  const variable = /^(Variable "\$\w+" got invalid value) /.exec(message)?.[1];
  if (variable === undefined) return message;
  const wrong = originalError?.message ?? 'it does not fit its type';
  const upToPlace = message.slice(0, -`; ${wrong}`.length);
  return `${variable}${/ at "[\w.[\]]+"$/.exec(upToPlace)?.[0] ?? ''}; ${wrong}`;
}

/**
 * `Expected value of type "T", found <value>`, `Argument "input" has invalid value <value>`, `String cannot represent a
 * non string value: <value>`, and `Unexpected String "<value>"` of a syntax error.
 */
function withoutLiterals(message: string): string {
  return message
    .replace(/^(Expected value of type "[^"]*"), found .*$/s, '$1')
    .replace(/^(Argument "\w+" has invalid value) .*$/s, '$1')
    .replace(/( cannot represent [^:]*): .*$/s, '$1')
    .replace(/\b(String|BlockString|Int|Float) ".*"/s, '$1');
}
