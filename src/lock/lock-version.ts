/** Version of the lock's schema that this program writes; it reads no other. Apart from the schema, which is slow to load. */
export const lockVersion = 1;
