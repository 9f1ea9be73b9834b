/**
 * A circuit breaker around a {@link javax.sql.DataSource}: {@link dev.cutout.jdbc.GuardedDataSource}. Needs the module {@code java.sql} and nothing else.
 */
@NullMarked
package dev.cutout.jdbc;

import org.jspecify.annotations.NullMarked;
