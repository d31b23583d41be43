/** The agent where classes come from elsewhere than the class path, and beside other agents. */
@NullMarked
package dev.freshwire.it.loaders;

import org.jspecify.annotations.NullMarked;
