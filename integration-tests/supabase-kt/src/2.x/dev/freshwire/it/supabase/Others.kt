package dev.freshwire.it.supabase

import io.github.jan.supabase.SupabaseClient
import io.github.jan.supabase.SupabaseClientBuilder
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** On 2.x the application has neither Storage nor Functions. */
@Suppress("UnusedReceiverParameter")
internal fun SupabaseClientBuilder.installOthers() = Unit

@Suppress("UNUSED_PARAMETER", "RedundantSuspendModifier")
internal suspend fun performOther(client: SupabaseClient, what: String, arguments: JsonObject): JsonElement =
    throw UnsupportedOperationException(what)
