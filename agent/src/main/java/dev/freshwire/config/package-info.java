/**
 * What an operator may say, and where: options, sources, the file that is watched. May use the
 * policy and the JDK. Loaded by the agent's own class loader.
 *
 * <p>All of it runs before the application's {@code main}, so it touches no class that costs time
 * or locks in a provider: no lambdas, regular expressions, streams, formatters, loggers or {@code
 * java.nio.file}.
 */
package dev.freshwire.config;
