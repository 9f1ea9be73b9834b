/**
 * The JDK's HTTP client, guarded. The only package that needs the module {@code java.net.http}; whoever uses it has that module anyway.
 */
@NullMarked
package dev.cutout.http;

import org.jspecify.annotations.NullMarked;
