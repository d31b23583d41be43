/**
 * The answers to what rewritten code asks: the policy's decisions, counted. Knows no client. Loaded
 * by the agent's own loader.
 */
package dev.freshwire.enforcement;
