package dev.freshwire.it.supabase

import io.github.jan.supabase.auth.FlowType
import io.github.jan.supabase.auth.SettingsSessionManager
import io.github.jan.supabase.auth.status.SessionStatus
import kotlinx.serialization.json.JsonObject

internal typealias AuthPlugin = io.github.jan.supabase.auth.Auth
internal typealias AuthChoices = io.github.jan.supabase.auth.AuthConfig
internal typealias EmailProvider = io.github.jan.supabase.auth.providers.builtin.Email
internal typealias GithubProvider = io.github.jan.supabase.auth.providers.Github

internal fun AuthChoices.choose(settings: JsonObject) {
    flowType = FlowType.PKCE
    if (settings.textOrNull("session") == "preferences") {
        sessionManager = SettingsSessionManager()
    }
}

internal fun SessionStatus.accessTokenOrNull(): String? =
    (this as? SessionStatus.Authenticated)?.session?.accessToken
