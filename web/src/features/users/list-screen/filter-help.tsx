import styles from './filter-help.module.css';

const examples: readonly (readonly [string, string])[] = [
  ['ada', 'Words are looked for in name, email and id'],
  ['role = ADMIN', 'ADMIN, EDITOR or VIEWER'],
  ['state = SUSPENDED', 'ACTIVE or SUSPENDED'],
  ['created_at > 2024-01-01', 'Dates and times; also updated_at'],
  ['email = "ada@example.com"', 'Exactly; quotes where there are spaces or signs'],
  ['name:"van der"', 'Contains'],
  ['tags:vip', 'Has the tag'],
  ['metadata.team = "core"', 'Has the entry'],
  ['address.country = DE', 'Also city, street, state, postal_code'],
  ['NOT role = VIEWER', 'Also written -role = VIEWER'],
  ['ada AND tags:vip OR tags:eu', 'OR binds tighter: ada AND (tags:vip OR tags:eu)'],
];

/** The filter language, by examples that a press tries out. */
export function FilterHelp({ onUse }: { readonly onUse: (example: string) => void }) {
  return (
    <div className={styles.help}>
      <h2 className={styles.title}>Filter</h2>
      <ul>
        {examples.map(([example, meaning]) => (
          <li key={example}>
            <button type="button" className={styles.example} onClick={() => onUse(example)}>
              <code>{example}</code>
              <span>{meaning}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.note}>
        Comparisons: = != &lt; &lt;= &gt; &gt;= and : for “contains”. Join them with AND, OR, NOT and parentheses.
      </p>
    </div>
  );
}
