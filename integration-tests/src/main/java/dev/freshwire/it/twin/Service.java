package dev.freshwire.it.twin;

/** One of Supabase's services: answers what arrives under its prefix. */
interface Service {

  /** Answers, or throws; runs on a thread that may block. */
  void handle(Exchange exchange) throws Exception;
}
